"""Where a peer computes: the CPU, or a GPU whose work must have ended before a time is taken."""
import torch


def use(device, tf32):
    """Makes every tensor from here on the device's, and allows or forbids TF32 on a GPU."""
    if device != "cpu":
        torch.set_default_device(device)
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32


def measured(device):
    """What turns.take needs to measure there: a wait for the device, and the device memory that this process has reserved, MB."""
    if device == "cpu":
        return {}
    return {"wait": torch.cuda.synchronize, "readings": {"memory": lambda: torch.cuda.max_memory_reserved() / 1e6}}
