"""The steps of a network as functions in C: what an exported header is put together from.

Each function changes `count` numbers in place, except the dense ones, which write `y`.
Their bodies are C99 and C++11 alike, and need <math.h>.
"""

_ELEMENTWISE = "static inline void inkling_{name}(inkling_real *x, int count{more})"
_EACH = "    int k;\n    for (k = 0; k < count; k++)\n        x[k] = {value};"

_HARMLESS = " .,:;%()+-="  # in any comment: no end of it, no continued line, no trigraph

_SIMPLE = {
    "relu": ("", "x[k] > 0 ? x[k] : 0"),
    "leaky-relu": (", inkling_real slope", "x[k] > 0 ? x[k] : slope * x[k]"),
    "elu": (
        ", inkling_real alpha",
        "x[k] > 0 ? x[k] : alpha * (inkling_real)expm1((double)x[k])",
    ),
    "gelu": (
        "",
        "x[k] * (inkling_real)(0.5 + 0.5 * erf((double)x[k] * 0.70710678118654752440))",
    ),
    "sigmoid": ("", "(inkling_real)(0.5 + 0.5 * tanh(0.5 * (double)x[k]))"),
    "tanh": ("", "(inkling_real)tanh((double)x[k])"),
    "scale": (
        ", const float *offset, const float *factor, int stride",
        "(x[k] - offset[k * stride]) * factor[k * stride]",
    ),
}

_NORMALIZATION = """
static inline void inkling_batch_normalization(inkling_real *x, int count, const float *gamma,
                                               const float *beta, const float *mean,
                                               const float *variance, inkling_real epsilon)
{
    int k;
    for (k = 0; k < count; k++) {
        const inkling_real deviation = (inkling_real)sqrt((double)(variance[k] + epsilon));
        x[k] = (x[k] - mean[k]) / deviation * gamma[k] + beta[k];
    }
}"""

_SOFTMAX = """
{
    inkling_real most = x[0], sum = 0;
    int k;
    for (k = 1; k < count; k++)
        if (x[k] > most)
            most = x[k];
    for (k = 0; k < count; k++) {
        x[k] = (inkling_real)exp((double)(x[k] - most));
        sum += x[k];
    }
    for (k = 0; k < count; k++)
        x[k] /= sum;
}"""

_DENSE = """
static inline void inkling_{name}(const inkling_real *x, int inputs, inkling_real *y, int units,
                                 const {type} *weights, {factors}const float *biases)
{{
    int from, to;
    for (to = 0; to < units; to++)
        y[to] = 0;
    for (from = 0; from < inputs; from++, weights += units) {{
        const inkling_real value = x[from];
        if (value != 0) /* most of an image is paper */
            for (to = 0; to < units; to++)
                y[to] += value * weights[to];
    }}
    for (to = 0; to < units; to++)
        y[to] = y[to]{times} + biases[to];
}}"""


def function(name: str) -> str:
    """Return the text of one function.

    Args:
        name: "dense", "dense-int8", "softmax", "scale", "batch-normalization", or an
            activation by its key.

    Raises:
        KeyError: there is no such function.
    """
    if name == "dense":
        return _DENSE.format(name="dense", type="float", factors="", times="").strip()
    if name == "dense-int8":
        return _DENSE.format(
            name="dense_int8",
            type="signed char",
            factors="const float *factors, ",
            times=" * factors[to]",
        ).strip()
    if name == "softmax":
        return _ELEMENTWISE.format(name="softmax", more="") + _SOFTMAX
    if name == "batch-normalization":
        return _NORMALIZATION.strip()
    more, value = _SIMPLE[name]
    head = _ELEMENTWISE.format(name=identifier(name), more=more)
    return f"{head}\n{{\n{_EACH.format(value=value)}\n}}"


def identifier(key: str) -> str:
    """Return a key as it stands in a C name."""
    return key.replace("-", "_")


def quoted(text: str) -> str:
    r"""Return text as a C string literal in UTF-8.

    All but plain characters become octal escapes of three digits, which no digit that
    follows can lengthen; a question mark might begin a trigraph.
    """
    plain = set(range(0x20, 0x7F)) - set(b'"\\?')
    letters = (chr(byte) if byte in plain else f"\\{byte:03o}" for byte in _utf8(text))
    return f'"{"".join(letters)}"'


def commented(text: str) -> str:
    """Return text that can stand in any comment: letters, digits, and a few signs."""
    kept = "".join(
        letter if letter.isalnum() or letter in " .,:;%()+-=" else " " for letter in text
    )
    return " ".join(kept.split())


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace").replace(b"\0", b"?")
