using System.Runtime.InteropServices;

namespace Retort.Vision.Imaging;

/// <summary>A compressor or decompressor of libturbojpeg.</summary>
internal sealed class TurboJpegHandle : SafeHandle
{
    private TurboJpegHandle(nint instance)
        : base(0, ownsHandle: true) => SetHandle(instance);

    public override bool IsInvalid => handle == 0;

    public static TurboJpegHandle ForDecompression() => Create(TurboJpeg.InitDecompress);

    public static TurboJpegHandle ForCompression() => Create(TurboJpeg.InitCompress);

    protected override bool ReleaseHandle() => TurboJpeg.Destroy(handle) == 0;

    private static TurboJpegHandle Create(Func<nint> init)
    {
        try
        {
            var created = new TurboJpegHandle(init());
            return created.IsInvalid ? throw new InvalidOperationException("libturbojpeg could not make a codec") : created;
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                "libturbojpeg is needed to read and write JPEG files and was not found; on Debian: apt-get install libturbojpeg0", e);
        }
    }
}
