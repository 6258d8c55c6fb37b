"""Sort the lines of a list."""
import sys

print("".join(sorted(sys.stdin)), end="")
