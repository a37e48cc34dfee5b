/// The main methods: all wiring, by hand, top to bottom in start order. Start reading at [Kapal], then [Server].
package dev.kapal.dist;
