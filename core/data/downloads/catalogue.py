"""The digits that can be downloaded: what they are, where they lie, how to know them.

Sizes and SHA-256 sums are those of tensorflow/datasets (url_checksums/*.txt); they agree
with the MD5 sums of torchvision's mnist.py wherever both name a file. MNIST's were also
computed from the four original files. None of the addresses is trusted: a file is taken
only if its checksum is the one written here.
"""

import math
from dataclasses import dataclass

from core.base.arrays import Shape
from core.base.digits import DIGITS


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file on a server; `size` in bytes, `sha256` in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Member:
    """One gzipped IDX file of bytes inside a zip archive.

    Attributes:
        path: its name inside the archive.
        name: of the file it becomes; plain IDX.
        shape: (N,) labels or (N, H, W) images, which its header must declare.
    """

    path: str
    name: str
    shape: Shape

    @property
    def size(self) -> int:
        """Bytes of the file it becomes: header and values."""
        return 4 + 4 * len(self.shape) + math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Download:
    """A set of digits that can be downloaded.

    Attributes:
        key: names its folder in the cache; never changed.
        name, sentence, licence: for people.
        class_names: K names.
        files: what is fetched.
        mirrors: addresses before the files' names, ending in "/"; tried in this order.
        members: if the one file is a zip archive, what is taken out of it. Their images
            are stored lying on their side, as EMNIST's are, and are set upright.
    """

    key: str
    name: str
    sentence: str
    licence: str
    class_names: tuple[str, ...]
    files: tuple[RemoteFile, ...]
    mirrors: tuple[str, ...]
    members: tuple[Member, ...] = ()

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)

    @property
    def room(self) -> int:
        """Bytes it takes on the disk at the worst moment."""
        return self.size + sum(member.size for member in self.members)


def _four(*files: tuple[int, str]) -> tuple[RemoteFile, ...]:
    """Name sizes and sums as MNIST names its files: train then test, images then labels."""
    names = (
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    )
    return tuple(RemoteFile(name, *file) for name, file in zip(names, files, strict=True))


def _emnist(split: str, count: int) -> tuple[Member, ...]:
    images = f"emnist-digits-{split}-images-idx3-ubyte"
    labels = f"emnist-digits-{split}-labels-idx1-ubyte"
    return (
        Member(f"gzip/{images}.gz", images, (count, 28, 28)),
        Member(f"gzip/{labels}.gz", labels, (count,)),
    )


_ALL = (
    Download(
        key="mnist",
        name="MNIST",
        sentence="70,000 digits by American clerks and pupils: what everybody compares with.",
        licence="CC BY-SA 3.0",
        class_names=DIGITS,
        files=_four(
            (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ),
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://raw.githubusercontent.com/fgnt/mnist/master/",
        ),
    ),
    Download(
        key="fashion-mnist",
        name="Fashion-MNIST",
        sentence="70,000 pictures of clothes, shoes and bags: like MNIST, but harder.",
        licence="MIT",
        class_names=(
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
        files=_four(
            (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ),
        mirrors=(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
    ),
    Download(
        key="kmnist",
        name="Kuzushiji-MNIST",
        sentence="70,000 handwritten Japanese characters of ten kinds, from old books.",
        licence="CC BY-SA 4.0, CODH",
        class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        # The IDX files of ../shared/data/kmnist were packed by another gzip, without names
        # in their headers, so their sums are others.
        files=_four(
            (18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
            (29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
            (3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
            (5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
        ),
        # CODH's own server has been out of reach since March 2026 (rois-codh/kmnist issue
        # 29), so the copy comes first; a server that does not answer costs ten seconds.
        mirrors=(
            "https://huggingface.co/datasets/tanganke/kmnist/resolve/"
            "53810959241e8f35890445245170c8cec0672f81/raw/",
            "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        ),
    ),
    Download(
        key="emnist-digits",
        name="EMNIST digits",
        sentence="280,000 digits from the same source as MNIST: four times as many.",
        licence="none stated; from NIST’s Special Database 19",
        class_names=DIGITS,
        files=(
            RemoteFile(
                "gzip.zip",
                561753746,
                "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
            ),
        ),
        mirrors=(
            "https://biometrics.nist.gov/cs_links/EMNIST/",
            # Its former address; at times it leads to NIST's front page, which is refused.
            "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
        ),
        members=(*_emnist("train", 240_000), *_emnist("test", 40_000)),
    ),
)

CATALOGUE: dict[str, Download] = {entry.key: entry for entry in _ALL}
