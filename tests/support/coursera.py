"""Files of the form of the Coursera exercise, made of other digits."""

from pathlib import Path

import numpy as np
import scipy.io

from core.data.readers import open_dataset

_EACH = 30  # digits of each class


def coursera_digits(path: Path, folder: Path) -> Path:
    """Write digits of `folder` (28 x 28) as the exercise has its own, and return `path`.

    X holds a row for each image of 20 x 20 pixels from 0 to 1, column by column; y says 1 to
    10, where 10 is the digit 0; the digits are sorted by class, those of 0 first.
    """
    train = open_dataset(folder).train
    rows = np.concatenate([np.flatnonzero(train.labels == digit)[:_EACH] for digit in range(10)])
    inner = train.images[rows, 4:24, 4:24]
    labels = np.where(train.labels[rows] == 0, 10, train.labels[rows])
    columns = inner.transpose(0, 2, 1).reshape(len(rows), 400) / 255
    scipy.io.savemat(path, {"X": columns, "y": labels[:, None]}, do_compression=True)
    return path
