/// What the API server fills in when a client leaves it out. Start at [Defaults].
package dev.kapal.model.defaults;
