/// Deletes what lost its last owner, and keeps the promises of foreground deletion and orphaning. Start at
/// [GarbageCollector]; [Graph] is who owns whom, [Verdict] the pure decision about one object, [Sentence] carries it
/// out.
package dev.kapal.controllers.garbage;
