"""What stands where in a model file, version 3.

    /               @format "inkling-model"  @schema_version  @min_reader_version
                    @app_version  @model_id  @created  @saved (both ISO 8601, may be absent)
                    @model_config  @keras_version  @backend           what Keras looks for
    /model_weights  @layer_names  /<layer>  @weight_names  /<layer>/kernel | bias | ...
    /trainer        @content_sha256
      /architecture /recipe /labels /dataset /training /lessons      JSON, as uint8
      /preprocessing                                    JSON, for readers; never read here
      /notes                                            UTF-8, as uint8
      /thumbnail_png                                    a PNG file, as uint8
      /scaling      /offset /factor                     (D,) float32, if they are not constants
      /optimizer    @kind @step  /<layer>/<array>/<slot>               float32
      /best_weights /<layer>/<layer>/<array>            for early stopping
      /anchor       /<layer>/<layer>/<array>            for methods with a memory
      /history      /batch /loss /accuracy              (steps,) float32
                    /epoch /<column of Evaluation>      (rows,) float64
      /timeline     /steps (M,) int64  /params (M, P) float32; absent without one
      /calibration  see `core.certainty.store`; absent without one

`model_weights` is the only copy of the weights. The architecture says which arrays there
are; what Keras reads is made from it. A reader opens a file whose `min_reader_version` is
not above its own version, leaves out what it does not know, and says so.
"""

from collections.abc import Iterator
from dataclasses import fields

from core.base.arrays import FloatArray
from core.base.events import Evaluation
from core.modelfile.keras_form import array_name, layer_names
from core.nn.network import Network
from core.untrusted.parsing.hdf5root import MODEL

FORMAT = MODEL
SCHEMA_VERSION = 3
MIN_READER_VERSION = 3
TRAINER = "trainer"
SLOTS = f"{TRAINER}/optimizer"
BEST = f"{TRAINER}/best_weights"
ANCHOR = f"{TRAINER}/anchor"
TIMELINE = f"{TRAINER}/timeline"
EVALUATION_COLUMNS = [item.name for item in fields(Evaluation)]


def array_paths(network: Network, vector: FloatArray) -> Iterator[tuple[str, str, FloatArray]]:
    """Return layer, array and a view of it for all arrays of a flat vector (P,) or (T,)."""
    for index, layer in layer_names(network).items():
        for name, view in network.views(vector, index).items():
            yield layer, array_name(name), view
