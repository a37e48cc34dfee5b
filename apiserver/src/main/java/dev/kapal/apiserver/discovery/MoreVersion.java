package dev.kapal.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;

/// A group version that another server serves through this one.
///
/// @param available whether it can be reached now
/// @param resources its APIResourceList, maybe an older one; empty before the first
public record MoreVersion(GroupVersion groupVersion, Priority priority, boolean available, ObjectNode resources) {}
