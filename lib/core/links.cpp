// Composes the outside names of incidents.
#include "core/links.hpp"

namespace tocsin::core {

std::string link_to(const Policy& policy, const Incident& incident) {
    if (policy.public_url.empty() || incident.number == 0) return {};
    return policy.public_url + "/incidents/" + incident_id(incident.number);
}

std::string page_key(const Draft& draft, const Incident& incident) {
    return draft.policy().instance + "/" + draft.state().install_id + "/" +
           incident_id(incident.number) + "/" + std::to_string(incident.episode) + "/" +
           std::string(name(incident.severity));
}

}  // namespace tocsin::core
