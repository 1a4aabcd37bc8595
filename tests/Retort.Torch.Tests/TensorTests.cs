namespace Retort.Torch.Tests;

public class TensorTests
{
    [Fact]
    public void A_lack_of_memory_is_told_from_other_failures()
    {
        using var scope = new TensorScope();
        Assert.Throws<TorchMemoryException>(() => Tensor.Zeros([1L << 50], device: TestDevice.Current));
        Assert.Throws<TorchException>(() => TestTensor.Zeros([-1]));
    }

    [Fact]
    public void Arithmetic_broadcasts_and_reads_back()
    {
        using var scope = new TensorScope();
        Tensor a = TestTensor.From([1f, 2f, 3f, 4f], 2, 2);
        Tensor b = (a * 2 + TestTensor.From([10f, 20f], 2)) / 2;
        Assert.Equal([6f, 12f, 8f, 14f], b.ToArray<float>());
    }

    [Fact]
    public void Integer_tensors_stay_integers_under_whole_numbers()
    {
        using var scope = new TensorScope();
        Tensor a = TestTensor.Arange(0, 5) * 2 + 1;
        Assert.Equal(ScalarType.Int64, a.Type);
        Assert.Equal([1L, 3, 5, 7, 9], a.ToArray<long>());
    }

    [Fact]
    public void Backward_gives_the_gradient_of_a_sum_of_squares()
    {
        using var scope = new TensorScope();
        Tensor x = TestTensor.From([1f, -2f, 3f], 3);
        x.RequiresGrad = true;
        x.Square().Sum().Backward();
        Assert.Equal([2f, -4f, 6f], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void No_gradients_are_recorded_inside_a_no_grad_scope()
    {
        using var scope = new TensorScope();
        Tensor x = TestTensor.From([1f], 1);
        x.RequiresGrad = true;
        using (new NoGradScope())
        {
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Gradients_of_unused_inputs_are_null()
    {
        using var scope = new TensorScope();
        Tensor x = TestTensor.From([3.0], 1), y = TestTensor.From([4.0], 1);
        (x.RequiresGrad, y.RequiresGrad) = (true, true);
        Tensor?[] gradients = Tensor.Gradients(x * x, [x, y]);
        Assert.Equal(6, gradients[0]!.Item());
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void Errors_carry_the_operator_and_the_reason()
    {
        using var scope = new TensorScope();
        Tensor a = TestTensor.Zeros([2, 3]);
        TorchException e = Assert.Throws<TorchException>(() => a.MatMul(TestTensor.Zeros([2, 3])));
        Assert.Contains("2x3", e.Message);
        e = Assert.Throws<TorchException>(() => new TorchOperator("aten::sum", "dim_IntList").Call(a, "text"));
        Assert.Contains("list of integers", e.Message);
        Assert.Throws<TorchException>(() => new TorchOperator("aten::no_such_operator").Call(a));
    }

    [Fact]
    public void Split_returns_every_piece()
    {
        using var scope = new TensorScope();
        Tensor[] pieces = TestTensor.Arange(0, 6).Split([1, 2, 3]);
        Assert.Equal([3L, 4, 5], pieces[2].ToArray<long>());
        Assert.Equal(3, pieces.Length);
    }

    [Fact]
    public void Types_convert_when_read_as_another()
    {
        using var scope = new TensorScope();
        Assert.Equal([1.0, 0.0], TestTensor.From([true, false], 2).ToArray<double>());
    }
}
