/// The three patch formats of the API: JSON patch, JSON merge patch and strategic merge patch. Start at [Patches].
package dev.kapal.model.patch;
