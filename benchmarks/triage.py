"""How many complaints triage assesses per second, and how long it takes to load."""

import subprocess
import sys
import time

from automations.triage.service import load_triage
from automations.triage.training import CORPUS_DIR, read_examples

SECONDS = 5.0
LOADING = "from automations.triage.service import load_triage; load_triage()"


def main() -> None:
    """Print one line for loading in a fresh process and one for assessing."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)  # our own interpreter
    bare = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", LOADING], check=True)  # noqa: S603
    print(f"load: {(time.perf_counter() - started - bare) * 1000:.0f} ms more than a bare Python")
    triage = load_triage()
    texts = [example.text for example in read_examples(CORPUS_DIR.glob("*.jsonl"))]
    for text in texts:
        triage.assess("", text)  # compiles the rules and loads the language identifier
    done, characters, started = 0, 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        text = texts[done % len(texts)]
        triage.assess("", text)
        done, characters = done + 1, characters + len(text)
    taken = time.perf_counter() - started
    print(f"assess: {done / taken:,.0f} texts/s, {characters / taken:,.0f} characters/s")


if __name__ == "__main__":
    main()
