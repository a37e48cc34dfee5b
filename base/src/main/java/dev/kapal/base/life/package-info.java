/// Where threads start and where they end. Start at [Life].
package dev.kapal.base.life;
