package dev.kapal.apiserver.flow;

import dev.kapal.apiserver.flow.PriorityLevel.Queuing;
import dev.kapal.base.time.Time;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The seats of one priority level, and the queues before them. Any thread; every method is short.
///
/// Each flow is dealt a few of the queues, and a request goes to the one of them with least in it: a flow that floods
/// fills its own few and leaves others free. Free seats go to the queue that had least of them so far, measured in a
/// virtual time that runs as if all queues were served at once. Source: KEP-1040; "Priority and fairness".
///
///     arrive ──seat free──► EXECUTING ──finish──► ENDED
///        │└───full───► REJECTED   ▲
///        └──► WAITING ──turn──────┘
///                └────abandon──► ENDED
final class FairQueues {
    /// As long as a request is taken to last before it has ended, in seconds.
    private static final double GUESS = 0.003;

    private final Time time;
    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private int limit;
    private Optional<Queuing> queuing = Optional.empty();
    private Queue[] queues = {};
    private int turn;
    private int executing;
    private int seatsInUse;
    private int waiting;
    private int seatsWaited;
    private int active;
    private double virtual;
    private long seen;
    private final Demand.Meter demand = new Demand.Meter();

    FairQueues(Time time) {
        this.time = time;
        this.seen = time.nanos();
    }

    enum State {
        /// Waits for its turn.
        WAITING,
        /// Has its seats.
        EXECUTING,
        /// There was no room for it to wait.
        REJECTED,
        /// Gave its seats back, or no longer waits.
        ENDED
    }

    /// One request.
    static final class Ticket {
        private final Queue queue;
        private final int seats;
        private final Thread thread = Thread.currentThread();
        private volatile State state;
        private long begun;

        private Ticket(Queue queue, int seats, State state) {
            this.queue = queue;
            this.seats = seats;
            this.state = state;
        }

        State state() {
            return state;
        }
    }

    private static final class Queue {
        private final ArrayDeque<Ticket> line = new ArrayDeque<>(2);
        private int seatsWaited;
        private int executing;
        private int seatsInUse;
        /// Virtual time up to which it has used what was its due.
        private double next;

        boolean isActive() {
            return executing > 0 || !line.isEmpty();
        }
    }

    /// Takes over new limits. Requests that wait go on to wait, in the queues that they are in.
    ///
    /// @param newLimit seats
    void configure(int newLimit, Optional<Queuing> newQueuing) {
        lock.lock();
        try {
            advance();
            limit = newLimit;
            if (!newQueuing.equals(queuing)) {
                queuing = newQueuing;
                resize(newQueuing.map(Queuing::queues).orElse(0));
            }
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    private void resize(int wanted) {
        int kept = wanted;
        for (int i = wanted; i < queues.length; i++) {
            kept = queues[i].isActive() ? i + 1 : kept; // nobody is dealt it any more; it empties
        }
        var resized = new Queue[kept];
        for (int i = 0; i < kept; i++) {
            resized[i] = i < queues.length ? queues[i] : new Queue();
        }
        queues = resized;
        turn = 0;
    }

    int limit() {
        lock.lock();
        try {
            return limit;
        } finally {
            lock.unlock();
        }
    }

    /// A request comes. Its ticket is executing, waiting or rejected.
    ///
    /// @param flow what [FlowSchema#flow] says
    Ticket arrive(long flow, int wantedSeats) {
        int seats = Math.clamp(wantedSeats, 1, Math.max(1, limit));
        lock.lock();
        try {
            advance();
            if (queuing.isEmpty()) {
                return fits(seats) ? begin(new Ticket(null, seats, State.EXECUTING)) : rejected(seats);
            }
            var queue = choose(flow, queuing.get());
            boolean room = fits(seats);
            if (!queue.isActive()) {
                queue.next = virtual;
                active++;
            }
            if (room && waiting == 0) {
                return begin(new Ticket(queue, seats, State.EXECUTING));
            }
            if (queue.line.size() >= queuing.get().lengthLimit()) {
                return rejected(seats); // it is active, since it is full
            }
            var ticket = new Ticket(queue, seats, State.WAITING);
            queue.line.add(ticket);
            queue.seatsWaited += seats;
            waiting++;
            seatsWaited += seats;
            dispatch();
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    private static Ticket rejected(int seats) {
        return new Ticket(null, seats, State.REJECTED);
    }

    /// The emptiest of the queues that the flow is dealt.
    private Queue choose(long flow, Queuing shape) {
        Queue best = null;
        for (int index : hand(flow, shape.queues(), shape.handSize())) {
            var queue = queues[index];
            if (best == null || queue.seatsWaited + queue.seatsInUse < best.seatsWaited + best.seatsInUse) {
                best = queue;
            }
        }
        return best;
    }

    /// `size` different numbers below `deck`, always the same for one flow. Pure.
    static int[] hand(long flow, int deck, int size) {
        long left = flow & Long.MAX_VALUE;
        var hand = new int[size];
        for (int i = 0; i < size; i++) {
            int card = (int) (left % (deck - i));
            left /= deck - i;
            // the card-th of those not dealt yet: dealt ones are kept in order behind `i`
            int at = 0;
            while (at < i && card >= hand[at]) {
                card++;
                at++;
            }
            System.arraycopy(hand, at, hand, at + 1, i - at);
            hand[at] = card;
        }
        return hand;
    }

    private boolean fits(int seats) {
        return seatsInUse == 0 || seatsInUse + seats <= limit;
    }

    private Ticket begin(Ticket ticket) {
        ticket.begun = seen;
        executing++;
        seatsInUse += ticket.seats;
        if (ticket.queue != null) {
            ticket.queue.executing++;
            ticket.queue.seatsInUse += ticket.seats;
            ticket.queue.next += ticket.seats * GUESS;
        }
        ticket.state = State.EXECUTING;
        return ticket;
    }

    /// Seats for as many as there is room for, in the order that fairness asks for.
    private void dispatch() {
        while (waiting > 0) {
            var queue = nextQueue();
            var head = queue.line.peek();
            if (!fits(head.seats)) {
                return; // nobody overtakes: a wide request would wait for ever
            }
            take(queue, queue.line.poll());
            begin(head);
            LockSupport.unpark(head.thread);
        }
    }

    private void take(Queue queue, Ticket ticket) {
        queue.seatsWaited -= ticket.seats;
        waiting--;
        seatsWaited -= ticket.seats;
    }

    private Queue nextQueue() {
        Queue best = null;
        int bestIndex = 0;
        for (int i = 1; i <= queues.length; i++) {
            int index = (turn + i) % queues.length;
            var queue = queues[index];
            if (!queue.line.isEmpty() && (best == null || finish(queue) < finish(best))) {
                best = queue;
                bestIndex = index;
            }
        }
        turn = bestIndex;
        return best;
    }

    private static double finish(Queue queue) {
        return queue.next + queue.line.peek().seats * GUESS;
    }

    /// An executing request has ended; doing it again is harmless.
    void finish(Ticket ticket) {
        lock.lock();
        try {
            if (ticket.state != State.EXECUTING) {
                return;
            }
            advance();
            ticket.state = State.ENDED;
            executing--;
            seatsInUse -= ticket.seats;
            var queue = ticket.queue;
            if (queue != null) {
                queue.executing--;
                queue.seatsInUse -= ticket.seats;
                queue.next += ticket.seats * ((seen - ticket.begun) / 1e9 - GUESS);
                active -= queue.isActive() ? 0 : 1;
            }
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    /// A waiting request waits no longer; answers false when it does not wait.
    boolean abandon(Ticket ticket) {
        lock.lock();
        try {
            if (ticket.state != State.WAITING) {
                return false;
            }
            advance();
            ticket.state = State.ENDED;
            ticket.queue.line.remove(ticket);
            take(ticket.queue, ticket);
            active -= ticket.queue.isActive() ? 0 : 1;
            dispatch(); // the next in line may need less
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        long now = time.nanos();
        double passed = (now - seen) / 1e9;
        demand.add(seatsInUse + seatsWaited, passed);
        if (active > 0) {
            virtual += passed * Math.min(seatsInUse + seatsWaited, limit) / active;
        }
        seen = now;
    }

    /// How many seats were wanted since the last call.
    Demand takeDemand() {
        lock.lock();
        try {
            advance();
            return demand.take(seatsInUse + seatsWaited);
        } finally {
            lock.unlock();
        }
    }

    /// How things stand.
    record Load(int executing, int seatsInUse, int waiting, int seatsWaited) {}

    Load load() {
        lock.lock();
        try {
            return new Load(executing, seatsInUse, waiting, seatsWaited);
        } finally {
            lock.unlock();
        }
    }
}
