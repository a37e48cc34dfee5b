/// Documents as the values of expressions and back, without copying trees. Start with [dev.kapal.cel.value.Values].
package dev.kapal.cel.value;
