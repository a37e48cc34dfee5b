package dev.kapal.base.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LifeTest {
    @Test
    void closesInReverseOrderOfStart() {
        var closed = new CopyOnWriteArrayList<String>();
        var life = new Life("test");
        life.own(() -> closed.add("first"));
        life.own(() -> closed.add("second"));
        life.close();
        assertThat(closed).isEqualTo(List.of("second", "first"));
    }

    @Test
    void interruptsAndJoinsItsThreads() throws Exception {
        int before = Life.running();
        var life = new Life("test");
        var never = new CountDownLatch(1);
        var thread = life.start("sleeper", never::await);
        var fleeting = life.spawn("request", never::await);
        assertThat(Life.running()).isEqualTo(before + 2);
        life.close();
        assertThat(thread.isAlive()).isFalse();
        assertThat(fleeting.isAlive()).isFalse();
        assertThat(Life.running()).isEqualTo(before);
    }

    @Test
    void startsNothingOnceClosed() {
        var life = new Life("test");
        life.close();
        assertThatThrownBy(() -> life.start("late", () -> {})).isInstanceOf(IllegalStateException.class);
    }
}
