// Interns names: the same text always gives the same symbol.
#include "core/symbols.hpp"

namespace tocsin::core {

Symbol Symbols::intern(std::string_view text) {
    auto known = index_.find(text);
    if (known != index_.end()) return Symbol{known->second};
    auto next = static_cast<std::uint32_t>(texts_.size());
    texts_.emplace_back(text);
    index_.emplace(texts_.back(), next);
    return Symbol{next};
}

}  // namespace tocsin::core
