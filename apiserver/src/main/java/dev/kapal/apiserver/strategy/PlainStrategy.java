package dev.kapal.apiserver.strategy;

/// A kind about which nothing is special.
public final class PlainStrategy implements Strategy {}
