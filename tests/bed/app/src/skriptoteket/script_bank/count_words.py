"""Count the words of a text."""
import sys

print(len(sys.stdin.read().split()))
