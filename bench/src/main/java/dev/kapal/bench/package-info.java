/// The numbers of the README: `./kapal bench [NAME…]`. Each benchmark prints a table and writes JSON beside it.
/// Start reading at [Bench].
package dev.kapal.bench;
