"""The baseline's side of a paired benchmark: it takes its turns when it is told to, so that both sides see the same machine."""
import json
import statistics
import sys
import time


def take(*actions, wait=None, readings=None, **facts):
    """Prints one line of JSON with facts about the work, then answers each line of input.

    `action runs` is answered with the median seconds of the runs, which end when `wait` returns; `read name` with a reading's number.
    """
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        if line.startswith("read "):
            print((readings or {})[line.split()[1]](), flush=True)
            continue
        action, runs = (int(word) for word in line.split())
        seconds = []
        for _ in range(runs):
            start = time.perf_counter()
            actions[action]()
            if wait:
                wait()
            seconds.append(time.perf_counter() - start)
        print(statistics.median(seconds), flush=True)
