/// The rules of devices: what drivers publish, what classes choose, what pods claim. Start at [DeviceKinds].
package dev.kapal.apiserver.strategy.device;
