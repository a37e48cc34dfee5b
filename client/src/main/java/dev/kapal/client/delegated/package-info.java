/// What components that serve something themselves need for it: they ask the API server who comes and what he may do.
/// Start at [Reviews]; [ComponentServer] is the small server of those that run alone.
package dev.kapal.client.delegated;
