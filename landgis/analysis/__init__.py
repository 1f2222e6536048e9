"""The notebooks' only door: published datasets as tables, with the meaning of their columns.

    from landgis.analysis import open_dataset
    lots = open_dataset("auction-lots", source="http://127.0.0.1:8000", status="open")
    describe(lots)  # what its columns mean

Knows no Django: whoever has geopandas and an address can use it. `landgis.analysis.maps` draws.
"""

from landgis.analysis.legal import to_legal
from landgis.analysis.opening import list_datasets, open_dataset, open_view
from landgis.analysis.words import describe, labelled, value_text

__all__ = ["describe", "labelled", "list_datasets", "open_dataset", "open_view", "to_legal", "value_text"]
