// Orders notices: to whom, through which integration, under which key.
#include "core/notices.hpp"

#include "core/links.hpp"

namespace tocsin::core {
namespace {

const Pager* pager_reaching(const Policy& policy, const Person& person) {
    for (const Pager& pager : policy.pagers) {
        if (pager.reach == Reach::person && !person.address(pager.address).empty()) return &pager;
    }
    return nullptr;
}

std::string next_suffix(const Draft& draft, Action action) {
    return "/" + std::string(name(action)) + "-" +
           std::to_string(draft.state().counters.delivery + 1);
}

bool notify_one(Draft& draft, const Incident& incident, const std::string& thread,
                const std::string& who, const std::string& text) {
    const Person* person = draft.rules().roster.find(who);
    const Pager* pager = person != nullptr ? pager_reaching(draft.policy(), *person) : nullptr;
    if (pager == nullptr) return false;
    draft.order(Effect{.key = thread + next_suffix(draft, Action::notify),
                       .page_key = thread,
                       .integration = pager->integration,
                       .action = Action::notify,
                       .person = who,
                       .address = person->address(pager->address),
                       .text = text,
                       .link = link_to(draft.policy(), incident),
                       .incident = incident});
    return true;
}

}  // namespace

std::vector<std::string> notify(Draft& draft, const Incident& incident,
                                const std::vector<std::string>& people, const std::string& text) {
    const std::string thread = page_key(draft, incident);
    std::vector<std::string> told;
    for (const std::string& who : people) {
        if (notify_one(draft, incident, thread, who, text)) told.push_back(who);
    }
    return told;
}

std::vector<std::string> tell_lead(Draft& draft, const Incident& incident,
                                   const std::string& text) {
    for (const std::string& who : {incident.lead, incident.acknowledged_by}) {
        if (who.empty()) continue;
        std::vector<std::string> told = notify(draft, incident, {who}, text);
        if (!told.empty()) return told;
    }
    return notify(draft, incident, draft.rules().roster.on_call(draft.now()), text);
}

void notify_outside(Draft& draft, const std::vector<std::string>& people, const std::string& title,
                    const std::string& text, bool announced) {
    const std::string thread = draft.policy().instance + "/" + draft.state().install_id + "/notice";
    const Incident about{.title = title};
    for (const std::string& who : people) notify_one(draft, about, thread, who, text);
    if (!announced) return;
    for (const std::string& integration : draft.policy().announce) {
        draft.order(Effect{.key = thread + next_suffix(draft, Action::update),
                           .page_key = thread,
                           .integration = integration,
                           .action = Action::update,
                           .text = text,
                           .incident = about});
    }
}

std::string join_names(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& one : names) text += (text.empty() ? "" : ", ") + one;
    return text.empty() ? "nobody" : text;
}

}  // namespace tocsin::core
