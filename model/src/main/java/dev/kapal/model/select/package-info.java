/// Label and field selectors. Start at [LabelSelector].
package dev.kapal.model.select;
