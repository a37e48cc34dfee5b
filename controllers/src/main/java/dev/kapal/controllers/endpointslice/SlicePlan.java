package dev.kapal.controllers.endpointslice;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Which slices to create, change and delete so that together they say what is wanted, touching as few as possible: a
/// change of one pod shall not make every node read every slice. A value.
///
/// A family of addresses without endpoints keeps one empty slice: it says "none", which is not the same as
/// nothing being said.
///
/// Source: Kubernetes documentation, "EndpointSlices", section "Distribution of EndpointSlices".
record SlicePlan(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {
    /// How many endpoints a slice holds at most.
    static final int FULL = 100;

    static SlicePlan of(Wanted wanted, List<EndpointSlice> existing) {
        var plan = new SlicePlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var groups = new LinkedHashMap<Wanted.Group, List<EndpointSlice>>();
        wanted.groups().keySet().forEach(group -> groups.put(group, new ArrayList<>()));
        for (EndpointSlice slice : existing) {
            var group =
                    new Wanted.Group(slice.getAddressType(), Objects.requireNonNullElse(slice.getPorts(), List.of()));
            if (groups.containsKey(group)) {
                groups.get(group).add(slice);
            } else {
                plan.delete.add(slice);
            }
        }
        groups.forEach((group, slices) -> plan.spread(wanted, group, slices));
        plan.reuse(wanted);
        return plan;
    }

    boolean changesNothing() {
        return create.isEmpty() && update.isEmpty() && delete.isEmpty();
    }

    private void spread(Wanted wanted, Wanted.Group group, List<EndpointSlice> slices) {
        var left = new LinkedHashMap<Identity, Endpoint>();
        wanted.groups().get(group).forEach(endpoint -> left.put(Identity.of(endpoint), endpoint));
        Map<EndpointSlice, List<Endpoint>> contents = new LinkedHashMap<>();
        Set<EndpointSlice> touched = new LinkedHashSet<>();
        for (EndpointSlice slice : slices) {
            var kept = keep(slice, left);
            contents.put(slice, kept);
            if (!kept.equals(endpoints(slice)) || !isLabelled(slice, wanted)) {
                touched.add(slice);
            }
        }
        fill(contents, touched, left);
        boolean placeholder = wanted.isSole(group) && wanted.groups().get(group).isEmpty();
        contents.forEach((slice, content) -> {
            boolean kept = !content.isEmpty() || placeholder && slice == slices.getFirst();
            if (!kept) {
                delete.add(slice);
            } else if (touched.contains(slice)) {
                update.add(rewritten(slice, wanted, group, content));
            }
        });
        if (placeholder && slices.isEmpty()) {
            create.add(slice(wanted, group, List.of()));
        }
        var rest = new ArrayList<>(left.values());
        for (int from = 0; from < rest.size(); from += FULL) {
            create.add(slice(wanted, group, rest.subList(from, Math.min(rest.size(), from + FULL))));
        }
    }

    /// The slice's endpoints that are still wanted, as they are wanted; takes them out of `left`.
    private static List<Endpoint> keep(EndpointSlice slice, Map<Identity, Endpoint> left) {
        var kept = new ArrayList<Endpoint>();
        for (Endpoint endpoint : endpoints(slice)) {
            var now = left.remove(Identity.of(endpoint));
            if (now != null) {
                kept.add(now);
            }
        }
        return kept;
    }

    /// New endpoints go to slices that are written anyway; what then is left, to the fullest slice that can take it
    /// all.
    private static void fill(
            Map<EndpointSlice, List<Endpoint>> contents, Set<EndpointSlice> touched, Map<Identity, Endpoint> left) {
        for (EndpointSlice slice : touched) {
            pour(left, contents.get(slice));
        }
        int rest = left.size() % FULL;
        if (rest == 0) {
            return;
        }
        contents.entrySet().stream()
                .filter(entry -> !touched.contains(entry.getKey()))
                .filter(entry -> entry.getValue().size() + rest <= FULL)
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .ifPresent(entry -> {
                    var some = left.entrySet().stream().limit(rest).toList();
                    some.forEach(endpoint -> {
                        entry.getValue().add(endpoint.getValue());
                        left.remove(endpoint.getKey());
                    });
                    touched.add(entry.getKey());
                });
    }

    private static void pour(Map<Identity, Endpoint> left, List<Endpoint> into) {
        var rest = left.entrySet().iterator();
        while (into.size() < FULL && rest.hasNext()) {
            into.add(rest.next().getValue());
            rest.remove();
        }
    }

    /// What is to be created takes the place of what is to be deleted: one write instead of two.
    private void reuse(Wanted wanted) {
        for (var old = delete.iterator(); old.hasNext(); ) {
            var slice = old.next();
            var heir = create.stream()
                    .filter(created -> created.getAddressType().equals(slice.getAddressType()))
                    .findFirst();
            if (heir.isPresent()) {
                create.remove(heir.get());
                old.remove();
                var group =
                        new Wanted.Group(heir.get().getAddressType(), heir.get().getPorts());
                update.add(rewritten(slice, wanted, group, heir.get().getEndpoints()));
            }
        }
    }

    private static EndpointSlice rewritten(
            EndpointSlice slice, Wanted wanted, Wanted.Group group, List<Endpoint> content) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withLabels(wanted.labels())
                .withAnnotations(wanted.annotations())
                .withOwnerReferences(wanted.owner())
                .endMetadata()
                .withPorts(group.ports())
                .withEndpoints(content)
                .build();
    }

    private static EndpointSlice slice(Wanted wanted, Wanted.Group group, List<Endpoint> endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withGenerateName(wanted.prefix())
                .withNamespace(wanted.namespace())
                .withLabels(wanted.labels())
                .withAnnotations(wanted.annotations())
                .withOwnerReferences(wanted.owner())
                .endMetadata()
                .withAddressType(group.addressType())
                .withPorts(group.ports())
                .withEndpoints(endpoints)
                .build();
    }

    /// The annotations are left out: a new trigger time alone is no reason to write.
    private static boolean isLabelled(EndpointSlice slice, Wanted wanted) {
        var owners = Objects.requireNonNullElse(slice.getMetadata().getOwnerReferences(), List.<OwnerReference>of());
        return wanted.labels()
                        .equals(Objects.requireNonNullElse(slice.getMetadata().getLabels(), Map.of()))
                && owners.equals(List.of(wanted.owner()));
    }

    private static List<Endpoint> endpoints(EndpointSlice slice) {
        return Objects.requireNonNullElse(slice.getEndpoints(), List.of());
    }

    /// What makes two endpoints the same one: two pods on the host's network share an address.
    private record Identity(List<String> addresses, String target) {
        static Identity of(Endpoint endpoint) {
            var target = endpoint.getTargetRef();
            return new Identity(
                    endpoint.getAddresses(),
                    target == null ? "" : target.getKind() + "/" + target.getName() + "/" + target.getUid());
        }
    }
}
