#include "commit/commit_rows.h"

#include <algorithm>
#include <type_traits>

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

namespace {

// Sums that advance together, enough to make their common inversion cheap and few enough for the second-level cache.
constexpr std::size_t kSums = 1024;
// A row is cut into segments, each with sums of its own, only this long or longer: joining them costs two additions.
constexpr std::size_t kSegment = 64;

// Byte `plane` of |value|.
template <class T>
std::size_t digit(T value, unsigned plane) {
  const auto wide = static_cast<std::int64_t>(value);
  const std::uint64_t magnitude = wide < 0 ? 0 - static_cast<std::uint64_t>(wide) : static_cast<std::uint64_t>(wide);
  return magnitude >> (8 * plane) & 255;
}

// One sum, of the digits of one plane in one segment of a row, and how far it is.
template <class T>
struct Walk {
  const T* data;
  std::uint32_t next, end;
  unsigned plane;
};

// All rows of a block as Jacobian points without blindings.
template <class T>
class Block {
 public:
  static constexpr unsigned kPlanes = sizeof(T);

  Block(const ColumnTables& tables, std::size_t segments) : tables_(tables), segments_(segments) {}

  void commit(const RowEntries<T>& rows, std::size_t begin, std::size_t end, std::size_t columns, Point* out) {
    std::vector<Walk<T>> walks;
    walks.reserve((end - begin) * segments_ * kPlanes);
    for (std::size_t row = begin; row < end; ++row) {
      const std::span<const T> entries = rows(row);
      TRAINPROOF_INVARIANT(entries.size() <= columns, "a row has no more entries than columns");
      for (std::size_t s = 0; s < segments_; ++s) {
        const std::size_t first = entries.size() * s / segments_, last = entries.size() * (s + 1) / segments_;
        for (unsigned plane = 0; plane < kPlanes; ++plane) {
          walks.push_back({entries.data(), static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), plane});
        }
      }
    }
    SecretVector<AffineSum> sums(walks.size());
    walk_all(walks, sums);
    for (std::size_t row = 0; row < end - begin; ++row) out[row] = join(&sums[row * segments_ * kPlanes]);
  }

 private:
  // In each round every unfinished sum takes its next non-zero digit, so that sparse rows also share inversions.
  void walk_all(std::vector<Walk<T>>& walks, SecretVector<AffineSum>& sums) {
    BatchAddition additions(walks.size());
    std::vector<std::uint32_t> active(walks.size());
    for (std::size_t i = 0; i < active.size(); ++i) active[i] = static_cast<std::uint32_t>(i);
    while (!active.empty()) {
      std::size_t kept = 0;
      for (const std::uint32_t i : active) {
        Walk<T>& walk = walks[i];
        while (walk.next < walk.end && digit(walk.data[walk.next], walk.plane) == 0) ++walk.next;
        if (walk.next == walk.end) continue;
        const T value = walk.data[walk.next];
        additions.add(sums[i], tables_.multiple(walk.next, digit(value, walk.plane)), is_negative(value));
        ++walk.next;
        active[kept++] = i;
      }
      active.resize(kept);
      additions.run();
    }
  }

  static bool is_negative(T value) {
    if constexpr (std::is_signed_v<T>) return value < 0;
    return false;
  }

  // Σ_plane 2^(8·plane) Σ_segment
  Point join(const AffineSum* sums) const {
    Point out;
    for (unsigned plane = kPlanes; plane-- > 0;) {
      if (!out.is_identity()) {
        for (int i = 0; i < 8; ++i) out = out.doubled();
      }
      for (std::size_t s = 0; s < segments_; ++s) out += sums[s * kPlanes + plane];
    }
    return out;
  }

  const ColumnTables& tables_;
  std::size_t segments_;
};

}  // namespace

template <class T>
std::vector<AffinePoint> commit_rows(ColumnTables& tables, const RowEntries<T>& rows, std::size_t columns,
                                     std::span<const Fr> blindings) {
  tables.prepare(columns);
  const std::size_t count = blindings.size();
  std::vector<Point> points(count);
  const std::size_t threads = thread_count();
  const std::size_t segments =
      std::clamp<std::size_t>(kSums * threads / (count * sizeof(T) + 1), 1, std::max<std::size_t>(columns / kSegment, 1));
  const std::size_t rows_of_block = std::max<std::size_t>(kSums / (segments * sizeof(T)), 1);
  const std::size_t blocks = (count + rows_of_block - 1) / rows_of_block;
  parallel_for(0, blocks, 1, [&](std::size_t begin, std::size_t end) {
    Block<T> block(tables, segments);
    for (std::size_t b = begin; b < end; ++b) {
      const std::size_t first = b * rows_of_block, last = std::min(count, first + rows_of_block);
      block.commit(rows, first, last, columns, &points[first]);
      for (std::size_t row = first; row < last; ++row) {
        points[row] += tables.blinding_base().multiple(blindings[row]);
      }
    }
  });
  return batch_to_affine(points);
}

template std::vector<AffinePoint> commit_rows(ColumnTables&, const RowEntries<std::uint8_t>&, std::size_t,
                                              std::span<const Fr>);
template std::vector<AffinePoint> commit_rows(ColumnTables&, const RowEntries<std::uint16_t>&, std::size_t,
                                              std::span<const Fr>);
template std::vector<AffinePoint> commit_rows(ColumnTables&, const RowEntries<std::uint32_t>&, std::size_t,
                                              std::span<const Fr>);
template std::vector<AffinePoint> commit_rows(ColumnTables&, const RowEntries<std::int32_t>&, std::size_t,
                                              std::span<const Fr>);
template std::vector<AffinePoint> commit_rows(ColumnTables&, const RowEntries<std::int64_t>&, std::size_t,
                                              std::span<const Fr>);

AffinePoint commit_scalars(std::span<const AffinePoint> bases, std::span<const Fr> scalars, const AffinePoint& H,
                           const Fr& blinding) {
  TRAINPROOF_INVARIANT(scalars.size() <= bases.size(), "a base for each scalar");
  return (msm(bases.first(scalars.size()), scalars) + Point(H).scale(blinding)).to_affine();
}

}  // namespace trainproof
