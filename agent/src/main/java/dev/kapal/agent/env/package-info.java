/// What a container sees in its environment: variables from values, fields, resources, ConfigMaps, Secrets and
/// services.
/// Start at [Environment]; [Expansion] is the `$(NAME)` language, also used by commands and sub paths.
package dev.kapal.agent.env;
