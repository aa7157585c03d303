//! What the browser needs of a chart.
