/// The addresses of services as objects: one for each that is taken, and the ranges that they come from. Start at
/// [IpAddressReconciler].
package dev.kapal.controllers.servicecidr;
