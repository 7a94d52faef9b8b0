#pragma once
// Banner: the announcement at the top of the app: offered, checked, switched (handbook H-52 …
// H-55).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// What is wrong with a banner's text (H-54): it links to a web page in Markdown, has at most
/// limits::banner_characters_max visible characters on one line, and shows neither HTML nor host
/// names (but that of its own link) nor the names of tickets and machines. nullopt: nothing is.
[[nodiscard]] std::optional<Error> banner_problem(std::string_view text);

/// A text to start from (H-55), linked to the status page.
struct BannerTemplate {
    std::string name;  // `generic`, `delayed`, `duplicated`
    std::string text;
};
/// The generic one first; none without Policy::status_page_url.
[[nodiscard]] std::vector<BannerTemplate> banner_templates(const Policy& policy);

/// It is critical, users feel it, and nobody has been told yet that the banner may be switched on.
[[nodiscard]] bool may_offer_banner(const Incident& incident);
/// In one sentence: that it may be switched on, by whom, and how.
[[nodiscard]] std::string banner_offer(const Policy& policy, const Incident& incident);
/// Tells its lead so, once an episode.
void offer_banner(Draft& draft, Incident& incident);

/// Command `banner`: on by the lead's word alone, for what is critical and hits users (C3, H-53);
/// off by anybody. `text` may be the name of a template; empty is the generic one.
void set_banner(Draft& draft, Incident& incident, const std::string& by, const SetBanner& wish);

}  // namespace tocsin::core
