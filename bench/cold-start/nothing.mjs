// Node's own boot, which every other process here pays as well.
