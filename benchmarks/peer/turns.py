"""The baseline's side of a paired benchmark: it takes its turns when it is told to, so that both sides see the same machine."""
import json
import statistics
import sys
import time


def take(*actions, **facts):
    """Prints one line of JSON with facts about the work, then answers each line of input, `action runs`, with the median seconds of the runs."""
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        action, runs = (int(word) for word in line.split())
        seconds = []
        for _ in range(runs):
            start = time.perf_counter()
            actions[action]()
            seconds.append(time.perf_counter() - start)
        print(statistics.median(seconds), flush=True)
