package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.model.GroupResource;
import java.util.List;
import java.util.Map;

/// What the pipeline needs of authentication and authorization. Immutable.
///
/// @param authorizer the whole chain, for rules that ask about more than the request itself
/// @param guards look at a write after everything that changes objects has run
/// @param computed who answers for the resources that are not stored
public record Security(
        Authorizer authorizer, List<AdmissionPlugin> guards, Map<GroupResource, ComputedResource> computed) {
    public Security {
        guards = List.copyOf(guards);
        computed = Map.copyOf(computed);
    }
}
