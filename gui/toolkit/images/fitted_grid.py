"""An image grid that packs its tiles close, as large as lets all be seen."""

from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.images.tile_layout import TileLayout

_GAP_PX, _LEAST_GAP_PX = 4.0, 2.0
_LEAST_PX = 28.0  # logical pixels of a tile; below that a digit is no pleasure to look at
_MOST_SCALE = 12  # device pixels per image pixel


class FittedGrid(ImageGrid):
    """Scrolls only where tiles of 28 logical pixels do not all fit."""

    def _laid_out(self, size: float) -> TileLayout:
        usual = super()._laid_out(size)
        ratio = self.devicePixelRatio()
        width, height = usual.tile_width, usual.tile_height
        gap = round((_GAP_PX if width > _LEAST_PX else _LEAST_GAP_PX) * ratio) / ratio
        return TileLayout(usual.count, usual.width, width, height, usual.caption, gap)

    def _fitting(self) -> TileLayout:
        ratio, pixels = self.devicePixelRatio(), self._tiles.images.shape[2]
        least = max(1, round(_LEAST_PX * ratio / pixels))
        for scale in range(_MOST_SCALE, least, -1):
            layout = self._laid_out(scale * pixels / ratio)
            if layout.height <= self.viewport().height():
                return layout
        return self._laid_out(least * pixels / ratio)
