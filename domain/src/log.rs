//! Log text: lines out of chunks, ANSI colours out of lines, levels out of text.
