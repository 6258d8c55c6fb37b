"""Draw lots."""
import random
import sys

print(random.choice(sys.stdin.readlines()), end="")
