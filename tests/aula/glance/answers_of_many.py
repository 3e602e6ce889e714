"""Answers to one task, written by different people, and what somebody makes of an answer that is not their own."""

TASK = 'def waits(jobs, slots):\n    """Return how long each job waits."""\n    raise NotImplementedError\n'
SOLUTION = '''
def waits(jobs, slots):
    """Return how long each job waits."""
    free = [0] * slots
    found = []
    for begin, length in jobs:
        slot = free.index(min(free))
        start = max(begin, free[slot])
        found.append(start - begin)
        free[slot] = start + length
    return found
'''
ANA = '''
def waits(jobs, slots):
    """Return how long each job waits."""
    ends = {}
    result = []
    for number, job in enumerate(jobs):
        arrival = job[0]
        running = sorted(end for end in ends.values() if end > arrival)
        if len(running) < slots:
            wait = 0
        else:
            wait = running[len(running) - slots] - arrival
        ends[number] = arrival + wait + job[1]
        result += [wait]
    return result
'''
COPIED = """
def waits(tasks, n):
    # my own idea: remember the end of each task
    out = []
    finished = {}
    for i, t in enumerate(tasks):
        came = t[0]
        busy = sorted(x for x in finished.values() if x > came)   # still at work
        if len(busy) < n:
            delay = 0
        else:
            delay = busy[len(busy) - n] - came

        out += [delay]
        finished[i] = came + delay + t[1]
    return out
"""
HEAP = '''
import heapq


def waits(jobs, slots):
    """Return how long each job waits."""
    heap = [0 for _ in range(slots)]
    heapq.heapify(heap)
    answer = []
    for arrived, took in jobs:
        earliest = heapq.heappop(heap)
        begins = earliest if earliest > arrived else arrived
        heapq.heappush(heap, begins + took)
        answer.append(begins - arrived)
    return answer
'''
QUEUE = '''
def waits(jobs, slots):
    """Return how long each job waits."""
    clock = 0
    queue = list(range(len(jobs)))
    active = []
    waited = [0] * len(jobs)
    while queue:
        active = [end for end in active if end > clock]
        while queue and len(active) < slots and jobs[queue[0]][0] <= clock:
            first = queue.pop(0)
            waited[first] = clock - jobs[first][0]
            active.append(clock + jobs[first][1])
        clock += 1
    return waited
'''
PLAIN = '''
def waits(jobs, slots):
    """Return how long each job waits."""
    machines = []
    for i in range(slots):
        machines.append(0)
    w = []
    for job in jobs:
        best = 0
        for i in range(slots):
            if machines[i] < machines[best]:
                best = i
        if machines[best] <= job[0]:
            w.append(0)
            machines[best] = job[0] + job[1]
        else:
            w.append(machines[best] - job[0])
            machines[best] = machines[best] + job[1]
    return w
'''
USUAL = '''
def waits(jobs, slots):
    """Return how long each job waits."""
    ready = [0] * slots
    out = []
    for came, needs in jobs:
        k = ready.index(min(ready))
        go = max(came, ready[k])
        out.append(go - came)
        ready[k] = go + needs
    return out
'''
CLASS_ = '''
class Slots:
    def __init__(self, count):
        self.until = [0] * count

    def place(self, begin, length):
        self.until.sort()
        start = max(self.until[0], begin)
        self.until[0] = start + length
        return start - begin


def waits(jobs, slots):
    """Return how long each job waits."""
    cluster = Slots(slots)
    return [cluster.place(begin, length) for begin, length in jobs]
'''
SHORT = "def waits(jobs, slots):\n    return [0 for _ in jobs]\n"
INDEPENDENT = {"ana": ANA, "hugo": HEAP, "quim": QUEUE, "pia": PLAIN, "uma": USUAL, "carl": CLASS_}
