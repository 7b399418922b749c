"""Let real Keras and PyTorch write files and answer images; see README.md."""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import h5py
import keras
import numpy as np
import torch

HERE = Path(__file__).parent
with np.load(HERE / "weights.npz") as stored:
    W1, b1, W2, b2 = (stored[name] for name in ("W1", "b1", "W2", "b2"))
with np.load(HERE / "images.npz") as stored:
    IMAGES = stored["images"]
UNIT = (IMAGES / np.float64(255)).astype(np.float32)
L, RNG = keras.layers, np.random.default_rng(0)
answers: dict[str, np.ndarray] = {}


def fill(model):
    """Give the dense layers of these shapes the trained weights."""
    for layer in model.layers:
        if isinstance(layer, L.Dense):
            for weights, biases in ((W1, b1), (W2, b2)):
                if layer.kernel.shape == weights.shape:
                    layer.set_weights([weights, biases] if layer.use_bias else [weights])
        elif isinstance(layer, L.BatchNormalization):
            (width,) = layer.beta.shape
            gamma, variance = RNG.uniform(0.5, 2, (2, width))
            beta, mean = RNG.normal(0, 0.1, (2, width))
            layer.set_weights([*([gamma] if layer.scale else []), beta, mean, variance])
    return model


def save(model, name, images, kinds=(".keras", ".h5")):
    for kind in kinds:
        model.save(HERE / f"{name}{kind}")
        answers[f"{name}{kind}"] = np.asarray(model(images))


def sequential(*layers):
    return fill(keras.Sequential([keras.Input((28, 28)), *layers]))


def straight():
    """Return a functional model of an image with one channel, ending in logits."""
    image = keras.Input((28, 28, 1))
    x = L.Flatten()(image)
    x = L.Dense(12)(x)
    x = L.LeakyReLU(negative_slope=0.2)(x)
    return fill(keras.Model(image, L.Dense(10)(x)))


bytes_in = IMAGES.astype(np.float32)
usual = sequential(
    L.Rescaling(1 / 255), L.Flatten(), L.Dense(12, "relu"), L.Dropout(0.2), L.Dense(10, "softmax")
)
save(usual, "keras3_usual", bytes_in)
save(straight(), "keras3_straight", UNIT[..., None])
adapted = L.Normalization(axis=-1)
adapted.adapt(bytes_in + RNG.uniform(0, 20, bytes_in.shape).astype(np.float32))
many = sequential(
    adapted,
    L.Reshape((784, 1)),
    L.Flatten(),
    L.Dense(12, use_bias=False),
    L.BatchNormalization(),
    L.ELU(alpha=0.7),
    L.Dense(9, "leaky_relu"),
    L.BatchNormalization(scale=False),
    L.Activation("tanh"),
    L.Dense(8, "gelu"),
    L.ReLU(negative_slope=0.1),
    L.Dense(7),
    L.Softmax(),
    L.Dense(10, "sigmoid"),
)
save(many, "keras3_many", bytes_in)
cnn = [L.Reshape((28, 28, 1)), L.Conv2D(2, 3), L.MaxPooling2D(9), L.Flatten(), L.Dense(10)]
save(sequential(*cnn), "keras3_convolution", bytes_in)
image = keras.Input((28, 28))
flat = L.Flatten()(image)
both = L.Add(name="joined")([L.Dense(4)(flat), L.Dense(4)(flat)])
save(keras.Model(image, L.Dense(10)(both)), "keras3_branch", bytes_in)
save(sequential(L.Flatten(), L.Dense(6, "silu"), L.Dense(10)), "keras3_silu", bytes_in, (".keras",))
usual.save_weights(HERE / "keras3_only.weights.h5")
answers["keras3_only.weights.h5"] = np.asarray(usual(bytes_in))


def respelt(value):
    """Return a configuration as Keras 2.15 writes it."""
    if isinstance(value, list):
        return [respelt(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    names = {"batch_shape": "batch_input_shape", "negative_slope": "alpha"}
    found = {names.get(key, key): respelt(item) for key, item in value.items()}
    for history in [found.pop("inbound_nodes", None)]:
        if history is not None:
            found["inbound_nodes"] = [
                [[*node["args"][0]["config"]["keras_history"], {}]] for node in history
            ]
    return found


for name in ("usual", "straight"):
    target = HERE / f"keras2_{name}.h5"
    target.write_bytes((HERE / f"keras3_{name}.h5").read_bytes())
    with h5py.File(target, "r+") as file:
        config = respelt(json.loads(file.attrs["model_config"]))
        for key in ("input_layers", "output_layers"):
            if key in config["config"]:
                config["config"][key] = [config["config"][key]]
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.15.0"
        weights = file["model_weights"]
        weights.attrs["keras_version"] = "2.15.0"
        for layer in ("dense", "dense_1", "dense_2", "dense_3"):
            if layer in weights:
                inner = next(iter(weights[layer].values()))  # "sequential" in Keras 3
                for leaf in ("kernel", "bias"):
                    group = inner.get(layer, inner)
                    group.move(leaf, f"{leaf}:0")
    answers[target.name] = answers[f"keras3_{name}.h5"]

# PyTorch ----------------------------------------------------------------------------------------

tensor = torch.from_numpy
nn = torch.nn


def torch_model(*between):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 12), *between, nn.Linear(12, 10))
    with torch.no_grad():
        for layer, weights, biases in ((model[1], W1, b1), (model[-1], W2, b2)):
            layer.weight.copy_(tensor(weights.T.copy()))
            layer.bias.copy_(tensor(biases))
        for layer in model:
            if isinstance(layer, nn.BatchNorm1d):
                layer.running_mean.normal_(0, 0.1)
                layer.running_var.uniform_(0.5, 2)
                layer.weight.uniform_(0.5, 2)
    return model.eval()


def torch_answers(model, name, images):
    with torch.no_grad():
        answers[name] = torch.softmax(model(tensor(images)), 1).numpy()


torch.manual_seed(0)
plain = torch_model(nn.ReLU())
torch.save(plain.state_dict(), HERE / "torch_plain.pt")
torch_answers(plain, "torch_plain.pt", UNIT)
torch_answers(plain, "torch_plain.pt mnist", ((UNIT - 0.1307) / 0.3081).astype(np.float32))
norm = torch_model(nn.BatchNorm1d(12), nn.Tanh(), nn.Dropout(0.1))
wrapped = {f"module.{name}": value for name, value in norm.state_dict().items()}
adam = torch.optim.Adam(norm.parameters()).state_dict()
checkpoint = {"epoch": 3, "model_state_dict": wrapped, "optimizer": adam}
torch.save(checkpoint, HERE / "torch_checkpoint.pt")
torch_answers(norm, "torch_checkpoint.pt", UNIT)
late = torch_model(nn.ReLU(), nn.BatchNorm1d(12))
torch.save(late.state_dict(), HERE / "torch_late_norm.pt")
torch_answers(late, "torch_late_norm.pt", UNIT)
half = torch_model(nn.Sigmoid())
half.load_state_dict({k: v.bfloat16().float() for k, v in half.state_dict().items()})
torch.save({k: v.bfloat16() for k, v in half.state_dict().items()}, HERE / "torch_bfloat16.pt")
torch_answers(half, "torch_bfloat16.pt", UNIT)
torch.save(plain, HERE / "torch_whole_module.pt")
torch.save(plain.state_dict(), HERE / "torch_before_1_6.pt", _use_new_zipfile_serialization=False)
seen = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(1352, 10))
torch.save(seen.state_dict(), HERE / "torch_convolution.pt")
torch.jit.script(plain).save(HERE / "torch_script.pt")

np.savez_compressed(HERE / "answers.npz", **{k: v.astype(np.float32) for k, v in answers.items()})
