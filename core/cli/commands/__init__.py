"""The commands, one a file and a line. Importing this registers them all."""

from core.cli.commands import (
    train,
    evaluate,
    predict,
    check,
    download,
    export,
    import_,
)
