#pragma once
// Pages: ordering, repeating, withdrawing and ending the single pages of an incident.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/draft.hpp"

namespace tocsin::core {

/// Of this episode and severity, and nobody has acknowledged or resolved it: still being repeated.
[[nodiscard]] bool is_live(const Incident& incident, const Page& page);
/// The same, of one pager.
[[nodiscard]] bool is_live(const Incident& incident, const Page& page,
                           std::string_view integration);
/// Ordered, and its pager has neither accepted nor refused it yet.
[[nodiscard]] bool is_under_way(const Page& page);

/// Who gets a page: nobody in particular (a service finds somebody itself), or a person.
struct Recipient {
    std::string person;
    std::string address;  // of that person, for this pager
};

/// The page of the current severity to this recipient; asked anew if it is known from before.
void order_page(Draft& draft, Incident& incident, const Pager& pager, const Recipient& recipient,
                const std::string& text);
/// Null: they have not been asked through this pager for the current severity.
[[nodiscard]] Page* find_live_page(Incident& incident, std::string_view integration,
                                   std::string_view person);

void repeat_page(Draft& draft, const Incident& incident, Page& page, const std::string& text);
/// Nothing while a delivery of it is under way: its lane is still trying.
[[nodiscard]] std::optional<Instant> repeat_due(const Policy& policy, const Page& page);

/// Takes back a page that was certainly not sent; true if there was one.
bool drop_unsent(Draft& draft, const Incident& incident, const Page& page);
/// Ends a page. Its pager is told unless it has certainly never heard of it.
void acknowledge_page(Draft& draft, const Incident& incident, Page& page, const std::string& text);
void resolve_page(Draft& draft, const Incident& incident, Page& page, const std::string& text);

}  // namespace tocsin::core
