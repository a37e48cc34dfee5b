/// The controllers, one package each. [Controllers] starts them; every one is a [dev.kapal.client.Reconciler].
package dev.kapal.controllers;
