package dev.kapal.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.flow.FairQueues.State;
import dev.kapal.apiserver.flow.FairQueues.Ticket;
import dev.kapal.apiserver.flow.PriorityLevel.Queuing;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairQueuesTest {
    private final FakeTime time = new FakeTime();
    private final FairQueues queues = new FairQueues(time);

    /// Flows whose first cards differ, so that they do not share a queue.
    private static final long ONE = 1;

    private static final long OTHER = 2;

    private void configure(int limit, int count, int hand, int length) {
        queues.configure(limit, Optional.of(new Queuing(count, hand, length)));
    }

    @Test
    void refusesAtOnceWhereNobodyMayWait() {
        queues.configure(2, Optional.empty());
        assertThat(List.of(
                        queues.arrive(ONE, 1).state(),
                        queues.arrive(ONE, 1).state(),
                        queues.arrive(ONE, 1).state()))
                .containsExactly(State.EXECUTING, State.EXECUTING, State.REJECTED);
    }

    @Test
    void refusesWhatFindsItsQueueFull() {
        configure(1, 1, 1, 2);
        var first = queues.arrive(ONE, 1);
        var second = queues.arrive(ONE, 1);
        queues.arrive(ONE, 1);
        assertThat(queues.arrive(ONE, 1).state()).isEqualTo(State.REJECTED);
        queues.finish(first);
        assertThat(second.state()).isEqualTo(State.EXECUTING);
        assertThat(queues.arrive(ONE, 1).state()).isEqualTo(State.WAITING);
    }

    @Test
    void letsNobodyOfItsFlowOvertakeAWideRequest() {
        configure(4, 8, 1, 10);
        var first = queues.arrive(ONE, 3);
        var wide = queues.arrive(ONE, 4);
        var narrow = queues.arrive(ONE, 1);
        assertThat(narrow.state()).isEqualTo(State.WAITING);
        queues.finish(first);
        assertThat(wide.state()).isEqualTo(State.EXECUTING);
        assertThat(narrow.state()).isEqualTo(State.WAITING);
        queues.finish(wide);
        assertThat(narrow.state()).isEqualTo(State.EXECUTING);
    }

    @Test
    void freesTheWayWhenOneWaitsNoLonger() {
        configure(4, 8, 1, 10);
        queues.arrive(ONE, 3);
        var wide = queues.arrive(ONE, 4);
        var narrow = queues.arrive(OTHER, 1);
        assertThat(queues.abandon(wide)).isTrue();
        assertThat(narrow.state()).isEqualTo(State.EXECUTING);
        assertThat(queues.abandon(narrow)).isFalse();
    }

    @Test
    void dealsEachFlowItsOwnDifferentQueues() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long flow = random.nextLong();
            var hand = FairQueues.hand(flow, 64, 6);
            assertThat(hand).doesNotHaveDuplicates().isEqualTo(FairQueues.hand(flow, 64, 6));
            assertThat(Arrays.stream(hand).allMatch(card -> card >= 0 && card < 64))
                    .isTrue();
        }
    }

    /// A random crowd: seats are never exceeded, never idle while somebody waits who fits, and everybody gets a turn.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverGivesMoreSeatsThanThereAre(long seed) {
        var random = new Random(seed);
        int limit = 1 + random.nextInt(20);
        configure(limit, 1 + random.nextInt(64), 1 + random.nextInt(6), 20);
        var open = new ArrayList<Ticket>();
        for (int step = 0; step < 5_000; step++) {
            time.advance(Duration.ofNanos(random.nextInt(3_000_000)));
            if (random.nextInt(100) < 55 || open.isEmpty()) {
                open.add(queues.arrive(random.nextInt(10), 1 + random.nextInt(4)));
            } else {
                var ticket = open.remove(random.nextInt(open.size()));
                if (ticket.state() == State.EXECUTING) {
                    queues.finish(ticket);
                } else if (random.nextBoolean()) {
                    queues.abandon(ticket);
                    queues.finish(ticket);
                } else {
                    open.add(ticket);
                }
            }
            var load = queues.load();
            assertThat(load.seatsInUse()).as("seed %d step %d", seed, step).isLessThanOrEqualTo(limit);
            assertThat(load.waiting() == 0 || load.seatsInUse() > limit - Math.min(limit, 4))
                    .as("seed %d step %d: %s of %d", seed, step, load, limit)
                    .isTrue();
        }
        while (!open.isEmpty()) {
            open.removeIf(ticket -> ticket.state() == State.REJECTED || ticket.state() == State.ENDED);
            open.stream()
                    .filter(ticket -> ticket.state() == State.EXECUTING)
                    .findFirst()
                    .ifPresent(queues::finish);
        }
        assertThat(queues.load()).isEqualTo(new FairQueues.Load(0, 0, 0, 0));
    }

    /// One flow keeps a hundred requests waiting, the other asks for one after the other: each gets half.
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void sharesSeatsEvenlyBetweenAFloodAndAModestFlow(int milliseconds) {
        configure(1, 2, 1, 1000);
        var served = new int[2];
        var executing = new ArrayDeque<Ticket>();
        var owner = new java.util.IdentityHashMap<Ticket, Integer>();
        for (int i = 0; i < 100; i++) {
            owner.put(queues.arrive(0, 1), 0);
        }
        for (int i = 0; i < 2; i++) {
            owner.put(queues.arrive(1, 1), 1);
        }
        for (int step = 0; step < 1000; step++) {
            executing.clear();
            owner.keySet().stream()
                    .filter(ticket -> ticket.state() == State.EXECUTING)
                    .forEach(executing::add);
            assertThat(executing).hasSize(1);
            time.advance(Duration.ofMillis(milliseconds));
            var done = executing.remove();
            int flow = owner.remove(done);
            served[flow]++;
            owner.put(queues.arrive(flow, 1), flow);
            queues.finish(done);
        }
        assertThat(served[1]).isBetween(450, 550);
    }

    @Test
    void sharesSeatsByShares() {
        var level = new PriorityLevel("a", "", false, 30, 33, OptionalInt.of(50), Optional.empty());
        var bounds = Borrowing.bounds(level, 245, 600);
        assertThat(bounds).isEqualTo(new Borrowing.Bounds(74, 50, 111));
    }

    /// a wants all it can get, b wants nothing and lends half, c lends nothing
    @Test
    void lendsWhatIsNotWanted() {
        var a = new Borrowing.Claim(new Borrowing.Bounds(20, 20, 1000), 500, 500);
        var b = new Borrowing.Claim(new Borrowing.Bounds(40, 20, 1000), 0, 0);
        var c = new Borrowing.Claim(new Borrowing.Bounds(40, 40, 40), 0, 0);
        assertThat(Borrowing.allocate(List.of(a, b, c), 100)).containsExactly(40, 20, 40);
    }

    @Test
    void keepsToItselfWhatIsWanted() {
        var a = new Borrowing.Claim(new Borrowing.Bounds(20, 20, 1000), 500, 500);
        var b = new Borrowing.Claim(new Borrowing.Bounds(80, 20, 1000), 100, 100);
        assertThat(Borrowing.allocate(List.of(a, b), 100)).containsExactly(20, 80);
    }
}
