/// Which requests a webhook or a policy is about: rules, selectors, equivalent versions. Start at [Match].
package dev.kapal.apiserver.admission.match;
