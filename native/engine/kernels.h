// The engine's arithmetic, compiled once per instruction set (kernels_*.cpp). Plain pointers only: a file that is compiled for a newer
// processor must not define any library code that the linker could then give to the others.
//
// Maps lie blocked: [image][block][row][column][lane], `lanes` channels a block, with a border of zeros around each plane where a
// convolution wants one.
#pragma once

namespace retort_engine {

// A run of output rows of a convolution. Strides are in floats.
struct ConvRows {
  const float* input;     // the first tap of the first output
  const float* weight;    // [pair of output blocks][input block][tap row][tap column][channel][2 * lanes]; an odd last block has [lanes]
  const float* bias;      // [output channels, padded to blocks], or null for zero
  const float* residual;  // added before the ReLU, or null
  float* output;
  long input_block, input_row, tap_row, tap_column;
  long output_block, output_row, residual_block, residual_row;
  int input_blocks, tap_rows, tap_columns, output_blocks;
  int rows, width;
  int column_step;  // stride of the convolution along a row, 1 or 2
  bool packed_rgb;  // the input has 3 channels a pixel, 4 floats apart (step 2)
  bool relu;
};

// A map, or the part of it that a task works on.
struct Plane {
  float* data;  // the first pixel inside the border
  long image, block, row;
  int height, width, blocks;
};

// Winograd's F(4x4, 3x3) (Lavin and Gray 2016) interpolates at 0, +-a, +-b and infinity. The textbook's a = 1, b = 2 loses a decimal
// digit more than these values, whose powers are exact as well.
constexpr double kPointA = 0.625, kPointB = 1.5;

// Tiles [first, last) of a Winograd convolution; tiles count through images, rows and columns.
struct WinogradTiles {
  int first, last;
  int rows, columns;  // tiles of one image
  float* transformed;  // scratch [36][block][tile][lane]
};

// Rows of one block of a dense map [channel][row][column], of which a strip holds a blocked copy [row][column][lane].
struct StripRows {
  long channel;          // floats between the map's channels
  int channels;          // of the block, at most `lanes`
  int height, width;     // of the map
  int first_row, rows;   // of the map, in the strip; what lies outside the map is read as zero and not written
  int border, columns;   // zeros before each row of the strip, and its pixels with them
};

// sums[lane of the left block][lane of a right block] (+)= products over the tiles.
struct OuterProducts {
  const float* left;   // [tile][lane]
  const float* right;  // [right block][tile][lane]
  float* sums;         // rows of [right block][lane], `row` floats apart
  long right_block, row;
  int right_blocks, tiles;
  bool add;            // to what `sums` holds
};

// Training's part of Winograd's convolution, a row of tiles of one block at a time. The transformed tiles' 36 positions lie `position`
// floats apart.
struct TrainingKernels {
  void (*read_strip)(const float* map, const StripRows&, float* strip);
  void (*write_strip)(const float* strip, const StripRows&, float* map);
  // Overlapping 6x6 patches d of a strip [6][4 * tiles + 2][lane]: B^T d B.
  void (*patches)(const float* strip, int tiles, float* transformed, long position);
  // The gradient d of 4x4 results, a strip [4][4 * tiles][lane]: A d A^T.
  void (*slopes)(const float* strip, int tiles, float* transformed, long position);
  // A^T m A + bias, to a strip [4][4 * tiles][lane].
  void (*results)(const float* transformed, int tiles, long position, const float* bias, float* strip);
  // G f G^T of filters [filter][3 * 3][lane], or of the filters turned by 180 degrees; results of neighbouring filters lie `step` floats
  // apart.
  void (*filters)(const float* taps, int count, bool flipped, float* out, long step, long position);
  // G^T m G of `lanes` filters: [3 * 3][lane].
  void (*filter_slopes)(const float* transformed, long position, float* taps);
  void (*outer_products)(const OuterProducts&);
};

struct KernelSet {
  int lanes;
  int tile;  // outputs that a kernel computes at once; good block sizes are its multiples
  void (*conv_rows)(const ConvRows&);
  // `scale` and `shift` [image][channel], where given, replace x by relu(scale * x + shift) on the way.
  void (*winograd_input)(const Plane& input, const WinogradTiles&, const float* scale, const float* shift);
  void (*winograd_output)(const Plane& output, const WinogradTiles&, const float* bias, const Plane* residual, bool relu);
  // Sum and sum of squares of each channel of one block of one image: double[lanes] each.
  void (*moments)(const Plane& map, int image, int block, double* sum, double* square);
  // output = input * scale + shift by channel; both may be the same map.
  void (*affine)(const Plane& input, const Plane& output, int image, int block, const float* scale, const float* shift, bool relu);
  void (*max_pool)(const Plane& input, const Plane& output, int image, int block, int kernel, int stride, int padding);
  // output = (resized input, nearest) + other; `rows` and `columns` say where each output pixel comes from.
  void (*resize_add)(const Plane& input, const Plane* other, const Plane& output, int image, int block, const int* rows, const int* columns,
      bool relu);
  void (*zero_border)(const Plane& map, int image, int block, int border);
  // Between [image][channel][row][column] and blocked, one block.
  void (*pack)(const float* source, long source_channel, int channels, const Plane& output, int image, int block);
  void (*unpack)(const Plane& input, int image, int block, float* target, long target_channel, int channels, float factor);
  TrainingKernels training;
};

// The widest kernels of at most `lanes` floats that this processor runs.
const KernelSet& best_kernels(int lanes);

extern const KernelSet generic_kernels;
extern const KernelSet avx2_kernels;
extern const KernelSet avx512_kernels;

}  // namespace retort_engine
