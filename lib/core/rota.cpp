// Hand-over notes and morning lists.
#include "core/rota.hpp"

namespace tocsin::core {

void start_rota(Draft&) {}

void wake_rota(Draft&, Rota&) {}

std::optional<Instant> rota_due(const Ruleset&, const Rota&) {
    return std::nullopt;
}

void list_cleared(Draft&, const Incident&) {}

}  // namespace tocsin::core
