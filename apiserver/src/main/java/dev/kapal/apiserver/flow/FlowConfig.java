package dev.kapal.apiserver.flow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.cache.Followed;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.base.time.Time;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// What the objects of `flowcontrol.apiserver.k8s.io` say, and the queues of each level. Any thread: who asks first
/// after a change takes it over. As long as objects that every cluster has are missing, it is as if they were there.
final class FlowConfig {
    private static final String GROUP = "flowcontrol.apiserver.k8s.io/";

    private final Time time;
    private final int seats;
    /// Guards what is written below.
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Followed> sources;
    private final Map<String, PriorityLevel> levels = new HashMap<>();
    private final Map<String, FlowSchema> schemas = new HashMap<>();
    private final Map<String, PriorityLevel> defaultLevels = new HashMap<>();
    private final Map<String, FlowSchema> defaultSchemas = new HashMap<>();
    /// Never without the schema that takes all: who asks while another takes over a change sees the one before.
    private volatile Image image = new Image(List.of(), Map.of());

    /// @param schemas those whose level exists, in the order in which they are asked
    /// @param lanes by the names of the levels
    record Image(List<Route> schemas, Map<String, Lane> lanes) {}

    /// @param lane of the schema's level
    record Route(FlowSchema schema, Lane lane) {}

    /// A level with what belongs to it.
    record Lane(PriorityLevel level, Borrowing.Bounds bounds, FairQueues queues) {}

    /// @param seats of the whole server
    FlowConfig(WatchCaches caches, int seats, Time time) {
        this.time = time;
        this.seats = seats;
        for (var one : DefaultObjects.all()) {
            if (one.plural().equals("flowschemas")) {
                defaultSchemas.put(one.name(), FlowSchema.of(one.name(), "", one.spec()));
            } else {
                defaultLevels.put(one.name(), PriorityLevel.of(one.name(), "", one.spec()));
            }
        }
        sources = List.of(
                new Followed(caches.cache(GROUP + "flowschemas"), this::schema),
                new Followed(caches.cache(GROUP + "prioritylevelconfigurations"), this::level));
        image = refreshed();
    }

    private void schema(String key, Optional<ObjectNode> document) {
        put(schemas, key, document.map(one -> FlowSchema.of(name(one), uid(one), one.path("spec"))));
    }

    private void level(String key, Optional<ObjectNode> document) {
        put(levels, key, document.map(one -> PriorityLevel.of(name(one), uid(one), one.path("spec"))));
    }

    private static <T> void put(Map<String, T> into, String key, Optional<T> value) {
        value.ifPresentOrElse(present -> into.put(key, present), () -> into.remove(key));
    }

    private static String name(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }

    /// The newest image.
    Image current() {
        for (var source : sources) {
            if (source.isBehind()) {
                return refreshed();
            }
        }
        return image;
    }

    private Image refreshed() {
        lock.lock();
        try {
            sources.forEach(Followed::drain);
            var known = new TreeMap<>(defaultLevels);
            levels.values().forEach(level -> known.put(level.name(), level));
            var rules = new TreeMap<>(defaultSchemas);
            schemas.values().forEach(schema -> rules.put(schema.name(), schema));
            image = make(known, rules);
            return image;
        } finally {
            lock.unlock();
        }
    }

    private Image make(Map<String, PriorityLevel> known, Map<String, FlowSchema> rules) {
        int shares = known.values().stream().mapToInt(PriorityLevel::shares).sum();
        var lanes = new HashMap<String, Lane>();
        known.forEach((name, level) -> {
            var before = image.lanes().get(name);
            var bounds = Borrowing.bounds(level, shares, seats);
            var queues = before == null ? new FairQueues(time) : before.queues();
            if (before == null
                    || !before.level().equals(level)
                    || !before.bounds().equals(bounds)) {
                queues.configure(bounds.nominal(), level.queuing());
            }
            lanes.put(name, new Lane(level, bounds, queues));
        });
        var routes = rules.values().stream()
                .filter(schema -> lanes.containsKey(schema.level()))
                .sorted(Comparator.comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name))
                .map(schema -> new Route(schema, lanes.get(schema.level())))
                .toList();
        return new Image(routes, Map.copyOf(lanes));
    }

    /// The way of a request. Every request has one: the last schema takes all.
    Route route(User user, RequestInfo info) {
        var routes = current().schemas();
        for (var route : routes) {
            if (route.schema().matches(user, info)) {
                return route;
            }
        }
        return routes.stream()
                .filter(route -> route.schema().name().equals("catch-all"))
                .findFirst()
                .orElseThrow();
    }

    /// Lends seats by what the levels wanted of late. One thread.
    ///
    /// @param smooth what the levels were believed to want before; renewed
    Map<String, Borrowing.Claim> lend(Map<String, Double> smooth) {
        var lanes = current().lanes().values().stream()
                .filter(lane -> !lane.level().exempt())
                .toList();
        var claims = lanes.stream().map(lane -> claim(lane, smooth)).toList();
        var seatsOf = Borrowing.allocate(claims, seats);
        var told = new HashMap<String, Borrowing.Claim>();
        for (int i = 0; i < seatsOf.length; i++) {
            var lane = lanes.get(i);
            lane.queues().configure(seatsOf[i], lane.level().queuing());
            told.put(lane.level().name(), claims.get(i));
        }
        return told;
    }

    private static Borrowing.Claim claim(Lane lane, Map<String, Double> smooth) {
        var demand = lane.queues().takeDemand();
        double now = Borrowing.smoothed(smooth.getOrDefault(lane.level().name(), 0.0), demand);
        smooth.put(lane.level().name(), now);
        return new Borrowing.Claim(lane.bounds(), demand.highest(), now);
    }
}
