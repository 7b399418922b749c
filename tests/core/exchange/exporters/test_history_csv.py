import csv

import numpy as np

from core.exchange.exporter import REPORTS, report
from core.exchange.exporters.history_csv import HistoryTable
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe


def trained():
    data, recipe = small_dataset(), small_recipe()
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    for _ in train(run, parts):
        pass
    return run


def test_every_iteration_and_every_evaluation_reads_back_exactly(tmp_path):
    run = trained()
    report(tmp_path / "x.csv", run, "history-csv")
    with (tmp_path / "x.csv").open(newline="") as stream:
        table = list(csv.DictReader(stream))
    losses = [row["loss"] for row in table if row["loss"]]
    np.testing.assert_array_equal(np.array(losses, np.float32), run.history.losses)
    for name in ("train_loss", "validation_accuracy", "learning_rate", "seconds"):
        found = [float(row[name]) for row in table if row["train_loss"]]
        np.testing.assert_array_equal(found, run.history.column(name))
    steps = [int(row["iteration"]) for row in table if row["train_loss"]]
    assert steps == [row.step for row in run.history.evaluations]


def test_a_table_of_another_run_is_noticed(tmp_path):
    run = trained()
    path = tmp_path / "x.csv"
    path.write_bytes(HistoryTable().encode(run))
    assert HistoryTable().agrees(path, run)
    run.history.losses[3] += 1
    assert not HistoryTable().agrees(path, run)


def test_a_run_before_its_first_iteration_is_a_header_alone(tmp_path):
    data, recipe = small_dataset(), small_recipe()
    run = new_run(recipe, data, split_data(recipe, data))
    report(tmp_path / "x.csv", run, "history-csv")
    assert (tmp_path / "x.csv").read_text().splitlines()[0].startswith("iteration,epoch,loss")
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 1


def test_it_is_in_the_menu():
    assert REPORTS["history-csv"].suffix == ".csv"
