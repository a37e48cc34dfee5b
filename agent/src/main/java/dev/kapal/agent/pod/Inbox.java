package dev.kapal.agent.pod;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import java.time.Duration;

/// What wakes a pod's worker. Any thread may wake it; only the worker waits.
///
/// A wake is never lost: one that comes while the worker works ends its next wait at once. An *interruption* also
/// breaks
/// into work that the worker declared as interruptible.
final class Inbox {
    private final Time time;
    private final Life life;
    private final String name;
    /// All guarded by this.
    private boolean woken;
    private boolean interruptWanted;
    private Thread interruptible;
    private Thread alarm;
    private long alarmAt;

    Inbox(Time time, Life life, String name) {
        this.time = time;
        this.life = life;
        this.name = name;
    }

    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /// Wakes the worker, and breaks into what it does if it allows that.
    synchronized void interrupt() {
        interruptWanted = true;
        if (interruptible != null) {
            interruptible.interrupt();
        }
        wake();
    }

    /// Wakes the worker in `delay`, or earlier if an earlier alarm is set already.
    synchronized void wakeIn(Duration delay) {
        long at = time.nanos() + delay.toNanos();
        if (alarm != null && alarmAt - at <= 0) {
            return;
        }
        if (alarm != null) {
            alarm.interrupt();
        }
        alarmAt = at;
        alarm = life.spawn("alarm/" + name, () -> ring(at));
    }

    private void ring(long at) throws InterruptedException {
        time.sleep(Duration.ofNanos(at - time.nanos()));
        synchronized (this) {
            if (alarm == Thread.currentThread()) {
                alarm = null;
            }
        }
        wake();
    }

    /// Waits for the next wake.
    synchronized void await() throws InterruptedException {
        while (!woken) {
            wait();
        }
        woken = false;
    }

    synchronized void close() {
        if (alarm != null) {
            alarm.interrupt();
        }
    }

    interface Work {
        void run() throws InterruptedException;
    }

    /// Runs `work`; false when an [#interrupt()] has cut it short. An interruption from elsewhere (the agent stops) is
    /// thrown on.
    boolean runInterruptibly(Work work) throws InterruptedException {
        synchronized (this) {
            if (interruptWanted) {
                interruptWanted = false;
                return false;
            }
            interruptible = Thread.currentThread();
        }
        boolean thrown = false;
        try {
            work.run();
        } catch (InterruptedException stop) {
            thrown = true;
        }
        synchronized (this) {
            interruptible = null;
            if (interruptWanted) {
                interruptWanted = false;
                // it may have come too late to be thrown
                Thread.interrupted();
                return false;
            }
        }
        if (thrown) {
            throw new InterruptedException();
        }
        return true;
    }
}
