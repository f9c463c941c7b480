"""How fast triage is, how long it takes to load and to train, and how big the model is.

    python -m benchmarks.triage [--texts 2000]

Times are CPU times of one process, so that other work on the machine disturbs them little.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from automations.triage.context import NOTHING_KNOWN
from automations.triage.linear.training import Sample, train
from automations.triage.model import FAMILY
from automations.triage.normalise import fold, normalise
from automations.triage.rules.book import find_hits
from automations.triage.service import load_triage
from automations.triage.shipped_model import CORPUS_DIR, load_desk_model
from automations.triage.signals import find_signals
from automations.triage.training import Example, read_examples

LENGTH = 300  # characters
TRAINED = 10_000
BATCH = 256  # complaints, as `riskdesk triage classify` reads them
LOADING = "from automations.triage.service import load_triage; load_triage()"


def texts_of(examples: Sequence[Example], count: int, seed: int) -> list[str]:
    """Put texts of about 300 characters together, every third in Chinese, some mixed."""
    draw = random.Random(seed)
    by_language = {
        name: [example.text for example in examples if example.lang == name]
        for name in ("en", "zh")
    }
    texts = []
    for i in range(count):
        text = ""
        while len(text) < LENGTH - 20:
            language = "zh" if (i % 3 == 0) != (draw.random() < 0.05) else "en"
            text += draw.choice(by_language[language]) + "\n"
        texts.append(text[:LENGTH])
    return texts


def cpu_of_process(code: str) -> float:
    """Return the CPU seconds of a fresh process that runs the code."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own interpreter
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2_000)
    options = parser.parse_args()
    triage, model = load_triage(), load_desk_model()
    examples = read_examples(sorted(CORPUS_DIR.glob("*.jsonl")))
    texts = texts_of(examples, options.texts, seed=7)
    table = Table("what", "measured", "wanted", title="Triage")
    for text in texts_of(examples, 2_000, seed=8):
        triage.assess("", text)  # a worker that has run for some minutes knows the usual words
    told = [("", text, NOTHING_KNOWN) for text in texts]
    folded = [fold(normalise(text)) for text in texts]
    each: dict[str, Callable[[slice], object]] = {
        "classification with signals": lambda some: triage.assess_all(told[some]),
        "  of it rules": lambda some: [*map(find_hits, folded[some])],
        "  of it signals and secrets": lambda some: [*map(find_signals, texts[some])],
        "  of it normalising": lambda some: [fold(normalise(text)) for text in texts[some]],
        "  of it features and scores": lambda some: model.scores(folded[some], FAMILY),
        "one by one": lambda some: [triage.assess(*one) for one in told[some]],
    }
    for name, work in each.items():
        started = time.process_time()
        for start in range(0, len(texts), BATCH):
            work(slice(start, start + BATCH))
        taken = (time.process_time() - started) / len(texts)
        wanted = ">= 2,000 texts/s" if name.startswith("class") else ""
        table.add_row(name, f"{1 / taken:,.0f} texts/s, {taken * 1e6:,.0f} µs each", wanted)
    bare, load = cpu_of_process("pass"), cpu_of_process(LOADING)
    table.add_row("loading (with all imports)", f"{load - bare:.2f} s", "< 1 s")
    table.add_row("model", f"{len(model.to_bytes()) / 1e6:.1f} MB", "< 30 MB")
    samples = [
        Sample(
            fold(normalise(f"{examples[i % len(examples)].text} {texts[i % len(texts)][:150]}")),
            examples[i % len(examples)].target,
        )
        for i in range(TRAINED)
    ]
    started = time.process_time()
    train(samples, folds=0)
    taken = time.process_time() - started
    table.add_row(f"training on {TRAINED:,} texts", f"{taken:.0f} s", "< 90 s")
    Console().print(table)


if __name__ == "__main__":
    main()
